import { describe, expect, it } from 'vitest';
import { type Bytes, equalBytes } from '../../../src/e2ee/bytes';
import {
  checkOpening,
  handoverCode,
  introduce,
  offerAsQrText,
  offerAsTyped,
  offerHandover,
  openHandover,
  readIntroduction,
  readOffer,
  sealHandover,
} from '../../../src/e2ee/identities/device-handover';
import { emptyLogHead } from '../../../src/e2ee/identities/directory-log';
import { makeIdentitySecrets } from '../../../src/e2ee/identities/identity';
import { formatRecoveryCode } from '../../../src/e2ee/identities/recovery-code';
import { SeededRandom } from '../seeded';

const random = new SeededRandom(20261122);
const account = random.bytes(16);
const fingerprint = random.bytes(32);

function flipped(bytes: Bytes, at: number): Bytes {
  const other = bytes.slice();
  other[at] = (other[at] ?? 0) ^ 1;
  return other;
}

async function sealedOnce() {
  const [offer, secrets] = [await offerHandover(account), makeIdentitySecrets()];
  const introduction = introduce({ account, fingerprint, head: emptyLogHead });
  const checked = await checkOpening(offer.opening, account, offer.commitment);
  if (!checked.ok) throw new Error(checked.code);
  const sealed = await sealHandover(introduction, offer.opening, checked.value.sealTo, secrets);
  if (!sealed.ok) throw new Error(sealed.code);
  return { offer, secrets, introduction, sealed: sealed.value };
}

describe('handing an identity over', () => {
  it('opens_to_what_was_sealed_and_has_the_lengths_that_the_server_takes', async () => {
    const { offer, secrets, introduction, sealed } = await sealedOnce();
    expect(await openHandover(introduction, offer, sealed)).toEqual({ ok: true, value: secrets });
    expect([offer.commitment, introduction, offer.opening, sealed].map(({ length }) => length)).toEqual([16, 121, 1265, 1200]);
  });

  it('reads_the_offer_from_a_QR_code_and_as_somebody_types_it', async () => {
    const { commitment } = await offerHandover(account);
    const [qr, typed] = [await offerAsQrText(commitment), await offerAsTyped(commitment)];
    // The alphanumeric mode of ISO/IEC 18004: a coarser code.
    expect(qr).toMatch(/^[0-9A-Z:-]{44}$/);
    for (const text of [qr, ` ${qr.toLowerCase()}\n`, typed, typed.toLowerCase().replaceAll('-', ' ')])
      expect(await readOffer(text)).toEqual({ ok: true, value: commitment });
  });

  it('refuses_an_offer_with_a_wrong_letter_and_a_recovery_code_in_its_place', async () => {
    const { commitment } = await offerHandover(account);
    const typed = await offerAsTyped(commitment);
    const wrong = (typed.startsWith('0') ? '1' : '0') + typed.slice(1);
    expect(await readOffer(wrong)).toMatchObject({ code: 'wrong-checksum' });
    expect(await readOffer(typed.slice(1))).toMatchObject({ code: 'wrong-length' });
    expect(await readOffer(`${typed.slice(0, -1)}U`)).toMatchObject({ code: 'wrong-letter' });
    expect(await readOffer('https://example.org/?x')).toMatchObject({ ok: false });
    expect(await readOffer(await formatRecoveryCode(commitment))).toMatchObject({ code: 'wrong-checksum' });
  });

  it('an_opening_with_any_byte_changed_is_not_what_was_committed_to', async () => {
    const { commitment, opening } = await offerHandover(account);
    for (let at = 0; at < opening.length; at += 7) expect((await checkOpening(flipped(opening, at), account, commitment)).ok).toBe(false);
    for (const cut of [0, 1, 17, opening.length - 1])
      expect(await checkOpening(opening.slice(0, cut), account, commitment)).toMatchObject({ code: 'malformed-handover' });
    expect(await checkOpening(new Uint8Array([...opening, 0]), account, commitment)).toMatchObject({ code: 'malformed-handover' });
    expect(await checkOpening((await offerHandover(account)).opening, account, commitment)).toMatchObject({ code: 'other-opening' });
    expect(await checkOpening(opening, random.bytes(16), commitment)).toMatchObject({ code: 'malformed-handover' });
  });

  it('an_introduction_is_cut_or_of_somebody_else_without_being_believed', () => {
    const introduction = introduce({ account, fingerprint, head: emptyLogHead });
    expect(readIntroduction(introduction, account)).toMatchObject({ ok: true, value: { fingerprint, head: emptyLogHead } });
    for (let length = 0; length < introduction.length; length++) expect(readIntroduction(introduction.slice(0, length), account).ok).toBe(false);
    expect(readIntroduction(introduction, random.bytes(16)).ok).toBe(false);
    expect(readIntroduction(flipped(introduction, 0), account).ok).toBe(false);
  });

  it('the_code_is_of_every_byte_of_both_sides', async () => {
    const { opening } = await offerHandover(account);
    const introduction = introduce({ account, fingerprint, head: emptyLogHead });
    const code = await handoverCode(introduction, opening);
    expect(code).toMatch(/^\d{5} \d{5}$/);
    expect(await handoverCode(introduction, opening)).toBe(code);
    for (let at = 0; at < introduction.length; at += 5) expect(await handoverCode(flipped(introduction, at), opening)).not.toBe(code);
    for (let at = 0; at < opening.length; at += 97) expect(await handoverCode(introduction, flipped(opening, at))).not.toBe(code);
    // Nobody can know it before the other side has spoken.
    expect(equalBytes(introduce({ account, fingerprint, head: emptyLogHead }), introduction)).toBe(false);
  });

  it('what_was_sealed_opens_neither_changed_nor_in_another_hand_over', async () => {
    const { offer, introduction, sealed } = await sealedOnce();
    for (let at = 0; at < sealed.length; at += 61)
      expect(await openHandover(introduction, offer, flipped(sealed, at))).toMatchObject({ code: 'cannot-open' });
    for (let at = 0; at < introduction.length; at += 11)
      expect(await openHandover(flipped(introduction, at), offer, sealed)).toMatchObject({ code: 'cannot-open' });
    const later = await offerHandover(account);
    expect(await openHandover(introduction, later, sealed)).toMatchObject({ code: 'cannot-open' });
    expect(await openHandover(introduction, { ...offer, opening: later.opening }, sealed)).toMatchObject({ code: 'cannot-open' });
    expect(await openHandover(introduction, offer, sealed.slice(0, 100))).toMatchObject({ code: 'cannot-open' });
  });
});
