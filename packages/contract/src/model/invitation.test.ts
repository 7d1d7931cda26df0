import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RedControlError } from '../errors.ts';
import { formatInvitation, parseInvitation, type Invitation } from './invitation.ts';

const fingerprint = `SHA256:${'aB3+/'.repeat(8)}xyz`;
const invitation = (host: string): Invitation => ({ user: 'redcontrol', host, port: 2222, project: 'shop', fingerprint });

test('what is written is read again', () => {
  for (const host of ['203.0.113.10', 'server.example.com', '2001:db8::1']) assert.deepEqual(parseInvitation(formatInvitation(invitation(host))), invitation(host));
  assert.equal(formatInvitation(invitation('2001:db8::1')), `redwatch://redcontrol@[2001:db8::1]:2222/shop/${fingerprint}`);
});

test('what could be an option of ssh, another port or a cut line is refused', () => {
  const whole = formatInvitation(invitation('server.example.com'));
  const wrong = [
    whole.slice(0, -1), `${whole}=`, whole.replace('server', '-oProxyCommand'), whole.replace('redcontrol@', '-l@'), whole.replace(':2222', ':0'), whole.replace(':2222', ':99999'),
    whole.replace('/shop/', '/../'), whole.replace('SHA256:', 'MD5:'), `${whole} -o x`, whole.replace('example', 'exam\nple'),
  ];
  for (const text of wrong) assert.throws(() => parseInvitation(text), (error) => error instanceof RedControlError && error.code === 'USAGE', text);
});
