import type { Saying } from '../say.ts';

/** Russian for what is wrong with several apps of one repository, as the contract words it. First match counts. */
export const appWords: readonly Saying[] = [
  [/^at least one app$/, 'хотя бы одно приложение'],
  [/^at most (\d+) apps$/, 'не больше $1 приложений'],
  [/^a name of its own$/, 'собственное имя'],
  [/^(.*), by which apps reach something else$/, '$1 — по нему приложения обращаются к другому'],
  [/^a name without "--" and without "-" at its end$/, 'имя без «--» и без «-» на конце'],
  [/^a folder of its own$/, 'собственный каталог'],
  [/^a domain and path of its own$/, 'собственные домен и путь'],
  [/^the path (\S+) of the environment's domain, which app (\S+) has$/, 'путь $1 домена окружения, а он у приложения $2'],
  [/^(.*), which app (\S+) has$/, '$1, а это уже у приложения $2'],
  [/^(.*), which environment (\S+) has$/, '$1, а это уже у окружения $2'],
  [/^(.*), which stands here already$/, '$1, а это здесь уже есть'],
  [/^one word that stands before the environment's domain$/, 'одно слово, которое ставится перед доменом окружения'],
  [/^(.*), which (\d+) environments would have$/, '$1 — он оказался бы у нескольких окружений ($2)'],
  [/^a whole domain$/, 'полный домен'],
  [/^(.*), and environment (\S+) has no domain that it could stand before$/, '$1, а у окружения $2 нет домена, перед которым его можно поставить'],
  [/^"(\S+)" in each of the apps$/, '«$1» внутри каждого приложения'],
  [/^"(\S+)" beside "apps"$/, '«$1» рядом с «apps»'],
  [/^"app:" with one of (.*)$/, '«app:» с одним из: $1'],
  [/^no "app", as there is only one$/, 'без «app»: приложение одно'],
  [/^a name that is not among the build arguments$/, 'имя, которого нет среди аргументов сборки'],
  [/^the name of a secret of an environment, and none has any$/, 'имя секрета одного из окружений, а секретов нет ни у одного'],
];
