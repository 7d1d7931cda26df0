import type { Saying } from '../say.ts';

/** Russian for what the checks of channels expect and get. */
export const channelWords: readonly Saying[] = [
  [/^a chat number such as (.*), or a name such as (.*)$/, 'номер чата, например $1, или имя, например $2'],
  [/^a URL such as (.*), without a name and password in it$/, 'URL, например $1, без имени и пароля внутри'],
  [/^an e-mail address such as (.*)$/, 'адрес почты, например $1'],
  [/^a repository such as (.*)$/, 'репозиторий, например $1'],
  [/^at most 20 channels$/, 'не больше 20 каналов'],
  [/^a list of at least 1 entries$/, 'хотя бы одна запись'],
  [/^the name of a secret, not its value$/, 'имя секрета, а не его значение'],
  [/^another text$/, 'другой текст'],
  [/^Take a name such as (\S+), and set its value: (.*)$/, 'Возьмите имя, например $1, и задайте значение: $2'],
  [/^"secret:" with the name of the secret that holds the password$/, '«secret:» с именем секрета, в котором пароль'],
  [/^"user:" beside the password$/, '«user:» рядом с паролем'],
  [/^the (?:user|secret) (.*) without one$/, '$1 без него'],
  [/^starttls or tls where a password is sent$/, 'starttls или tls, если отправляется пароль'],
  [/^"(\w+):", which cannot be made from the repository's URL$/, '«$1:», из адреса репозитория его не вывести'],
];
