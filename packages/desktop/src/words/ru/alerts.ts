export const alerts = {
  alerts: 'Что сейчас не в порядке',
  'alert.down': 'приложение не работает',
  'alert.crash-loop': '{name} падает раз за разом',
  'alert.job': 'задание {name} завершается с ошибкой',
  'alert.errors': 'слишком много ошибок',
  'alert.memory': '{name}: память почти на пределе',
  'alert.disk': 'диск {name} почти заполнен',
  'alert.certificate': 'сертификат {name} скоро закончится',
  'alert.measured': '{value}, предел {limit}',
} as const;
