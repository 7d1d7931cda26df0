import { ActionIcon, CopyButton, TextInput } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useTranslate } from '../words/language.tsx';

/** A long text to be taken along: a key, an address. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const t = useTranslate();
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <TextInput label={label} value={value} readOnly classNames={{ input: 'mono' }} onFocus={(event) => event.currentTarget.select()}
          rightSection={<ActionIcon variant="subtle" onClick={copy} aria-label={copied ? t('log.copied') : t('copy', { what: label })}>{copied ? <Check size={15} /> : <Copy size={15} />}</ActionIcon>} />
      )}
    </CopyButton>
  );
}
