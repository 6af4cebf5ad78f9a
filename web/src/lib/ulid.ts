/** Ids as the API makes them: 48 bits of time and 80 of chance, in Crockford's base 32. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function ulid(now = Date.now()): string {
  let time = '';
  for (let left = now, at = 0; at < 10; at++, left = Math.floor(left / 32)) time = ALPHABET[left % 32] + time;
  const chance = crypto.getRandomValues(new Uint8Array(16));
  return time + [...chance].map((byte) => ALPHABET[byte % 32]).join('');
}
