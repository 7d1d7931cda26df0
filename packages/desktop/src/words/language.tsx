import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { again } from '../parts/again.ts';
import { en } from './en.ts';
import { createSay, type Say, type Saying } from './say.ts';
import { createTranslate, languages, type Dictionary, type Language, type Translate } from './translate.ts';

interface LanguageChoice {
  language: Language;
  choose(language: Language): void;
  t: Translate;
  say: Say;
}

interface Words {
  dictionary: Dictionary;
  sayings: readonly Saying[];
}

const english: Words = { dictionary: en, sayings: [] };

const storageKey = 'redcontrol-language';
const LanguageContext = createContext<LanguageChoice | undefined>(undefined);

/** The system's language, or the one that was chosen before; English's words come with the page, others when needed. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(preferredLanguage);
  const [loaded, setLoaded] = useState<{ language: Language; words: Words }>({ language: 'en', words: english });
  useEffect(() => {
    let current = true;
    // English is better than an empty window.
    void wordsOf(language).catch(() => english).then((words) => current && setLoaded({ language, words }));
    return () => {
      current = false;
    };
  }, [language]);
  useEffect(() => {
    document.documentElement.lang = loaded.language;
  }, [loaded.language]);
  const choice = useMemo<LanguageChoice>(() => ({
    language: loaded.language,
    t: createTranslate(loaded.language, loaded.words.dictionary),
    say: createSay(loaded.words.sayings),
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

async function wordsOf(language: Language): Promise<Words> {
  if (language === 'en') return english;
  const { ru, sayings } = await again(() => import('./ru.ts'));
  return { dictionary: ru, sayings };
}

function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(storageKey), ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return wanted.find((tag): tag is Language => languages.some((language) => language === tag)) ?? 'en';
}
