export { authorizedKeysText } from './authorized-keys-text.ts';
export { fingerprintOf } from './fingerprint-of.ts';
export { writeAuthorizedKeys } from './write-authorized-keys.ts';
