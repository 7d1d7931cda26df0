import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { en } from './en.ts';
import { createTranslate, languages, type Dictionary, type Language, type Translate } from './translate.ts';

interface LanguageChoice {
  language: Language;
  choose(language: Language): void;
  t: Translate;
}

const storageKey = 'redcontrol-language';
const LanguageContext = createContext<LanguageChoice | undefined>(undefined);

/** The system's language, or the one that was chosen before; English's words come with the page, others when needed. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(preferredLanguage);
  const [loaded, setLoaded] = useState<{ language: Language; dictionary: Dictionary }>({ language: 'en', dictionary: en });
  useEffect(() => {
    let current = true;
    void dictionaryOf(language).then((dictionary) => current && setLoaded({ language, dictionary }));
    return () => {
      current = false;
    };
  }, [language]);
  useEffect(() => {
    document.documentElement.lang = loaded.language;
  }, [loaded.language]);
  const choice = useMemo<LanguageChoice>(() => ({
    language: loaded.language,
    t: createTranslate(loaded.language, loaded.dictionary),
    choose(next) {
      localStorage.setItem(storageKey, next);
      setLanguage(next);
    },
  }), [loaded]);
  // The wait is for a small file from this machine; English in between would only flash.
  if (loaded.language !== language) return null;
  return <LanguageContext value={choice}>{children}</LanguageContext>;
}

export function useLanguage(): LanguageChoice {
  const choice = useContext(LanguageContext);
  if (!choice) throw new Error('Expected a language around this part of the page');
  return choice;
}

export function useTranslate(): Translate {
  return useLanguage().t;
}

async function dictionaryOf(language: Language): Promise<Dictionary> {
  switch (language) {
    case 'en': return en;
    case 'ru': return (await import('./ru.ts')).ru;
  }
}

function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(storageKey), ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return wanted.find((tag): tag is Language => languages.some((language) => language === tag)) ?? 'en';
}
