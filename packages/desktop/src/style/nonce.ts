import { setNonce } from 'get-nonce';

/** The nonce with which styles may be added to this page; libraries that add some are told of it. */
export function takeNonce(): string {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
  setNonce(nonce);
  return nonce;
}
