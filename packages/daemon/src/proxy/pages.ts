/** Pages that HAProxy answers by itself. They are log-formats of HAProxy, so that the reader's language decides. */
export const pageNames = ['not-found', 'down', 'maintenance', 'maintenance-message', 'no-answer'] as const;
export type PageName = (typeof pageNames)[number];

interface Words {
  title: string;
  text: string;
}

const words: Record<PageName, { en: Words; ru: Words }> = {
  'not-found': {
    en: { title: 'No site here', text: 'This server is running, but no site has this address. Check the spelling, or the domain in redcontrol.yml.' },
    ru: { title: 'Здесь нет сайта', text: 'Сервер работает, но сайта с таким адресом на нём нет. Проверьте написание или домен в redcontrol.yml.' },
  },
  down: {
    en: { title: 'The site is down', text: 'The application does not answer right now. Please try again in a moment.' },
    ru: { title: 'Сайт сейчас не отвечает', text: 'Приложение временно недоступно. Попробуйте ещё раз через минуту.' },
  },
  maintenance: {
    en: { title: 'Maintenance', text: 'The site is being worked on and will be back soon.' },
    ru: { title: 'Технические работы', text: 'На сайте идут работы, скоро он снова откроется.' },
  },
  'maintenance-message': {
    en: { title: 'Maintenance', text: '%[var(txn.notice),b64dec]' },
    ru: { title: 'Технические работы', text: '%[var(txn.notice),b64dec]' },
  },
  'no-answer': {
    en: { title: 'No answer in time', text: 'The application took too long to answer. Please try again in a moment.' },
    ru: { title: 'Приложение не ответило вовремя', text: 'Ответ занял слишком много времени. Попробуйте ещё раз через минуту.' },
  },
};

const style = 'body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;background:#fafafa;color:#222}'
  + 'main{max-width:32rem;padding:2rem}h1{font-size:1.5rem;margin:0 0 .5rem}p{margin:0;color:#555}'
  + '@media(prefers-color-scheme:dark){body{background:#16181d;color:#eee}p{color:#aaa}}';

/** Text of a page as HAProxy's `lf-file`. In it `txn.ru` says whether the reader prefers Russian. */
export function pageText(name: PageName): string {
  const { en, ru } = words[name];
  const title = either(ru.title, en.title);
  return `<!doctype html><html lang="${either('ru', 'en')}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head><body><main><h1>${title}</h1><p>${ru.text === en.text ? en.text : either(ru.text, en.text)}</p></main></body></html>\n`;
}

function either(ru: string, en: string): string {
  return `%[var(txn.ru),iif("${ru}","${en}")]`;
}
