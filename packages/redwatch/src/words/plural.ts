/**
 * A number with the form of the noun that a language has for it. `other` also stands for forms left out.
 * The rules of a language cost megabytes, so they are fetched only when a number is said.
 */
export function plural(language: 'en' | 'ru', forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }): (count: number) => string {
  return (count) => `${new Intl.NumberFormat(language).format(count)} ${forms[new Intl.PluralRules(language).select(count)] ?? forms.other}`;
}
