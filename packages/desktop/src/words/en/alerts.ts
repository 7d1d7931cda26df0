/** What is wrong now. */
export const alerts = {
  alerts: 'What is wrong now',
  'alert.down': 'the app is down',
  'alert.crash-loop': '{name} ends again and again',
  'alert.job': 'job {name} fails',
  'alert.errors': 'too many errors',
  'alert.memory': '{name} is near its memory limit',
  'alert.disk': 'the disk of {name} is nearly full',
  'alert.certificate': 'the certificate of {name} ends soon',
  'alert.measured': '{value}, the limit is {limit}',
} as const;
