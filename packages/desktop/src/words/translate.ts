import { en } from './en.ts';

/** One text, or its forms by number as Intl.PluralRules names them. */
export interface PluralForms {
  one: string;
  few?: string;
  many?: string;
  other: string;
}
export type Word = string | PluralForms;

export type WordKey = keyof typeof en;
/** A dictionary of another language: lacks it a word, or has it one too many, it does not compile. */
export type Dictionary = { readonly [Key in WordKey]: (typeof en)[Key] extends string ? string : PluralForms };

/** `{name}` places in a text. */
type Places<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;
type TextOf<Key extends WordKey> = (typeof en)[Key] extends string ? (typeof en)[Key] : (typeof en)[Key] extends { other: infer Other } ? Other : never;
type Values<Key extends WordKey> = { [Name in Places<TextOf<Key>>]: string | number };
type Arguments<Key extends WordKey> = [Places<TextOf<Key>>] extends [never] ? [] : [values: Values<Key>];

/** Gives the text of a key; `count` chooses among plural forms. */
export type Translate = <Key extends WordKey>(key: Key, ...values: Arguments<Key>) => string;

export const languages = ['en', 'ru'] as const;
export type Language = (typeof languages)[number];

export function createTranslate(language: Language, dictionary: Dictionary): Translate {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (key, ...given) => {
    const values = (given[0] ?? {}) as Record<string, string | number>;
    const word = dictionary[key] as Word;
    const text = typeof word === 'string' ? word : formOf(word, rules.select(Number(values.count ?? 0)));
    return text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      return typeof value === 'number' ? numbers.format(value) : (value ?? '');
    });
  };
}

function formOf(word: PluralForms, form: Intl.LDMLPluralRule): string {
  return (word as unknown as Record<string, string | undefined>)[form] ?? word.other;
}
