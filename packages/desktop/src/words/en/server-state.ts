export const serverState = {
  'server-state': 'State of the server',
  'server-state.save': 'Save as a file',
  'server-state.text': 'Projects, history, secrets, people, keys and certificates in one encrypted file, from which a fresh server can be brought to the same state. Data of apps are in backups.',
  'server-state.key': 'It opens with the key that `redcontrol backup key` prints. Keep that key elsewhere.',
  'server-state.saved': '{name}, {size}, was handed to the browser.',
} as const;
