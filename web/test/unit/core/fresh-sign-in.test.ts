import { describe, expect, it } from 'vitest';
import { freshSignInIsAsked, settleFreshSignIn, withFreshSignIn } from '../../../src/core/fresh-sign-in.svelte';
import { ApiError } from '../../../src/transport/api-error';

const tooOld = (): ApiError => new ApiError('sign-in-too-old', 403, 'Sign in again first.');

describe('fresh sign-in', () => {
  it('is_not_asked_for_where_the_server_does_not_want_it', async () => {
    expect(await withFreshSignIn(() => Promise.resolve('made'))).toBe('made');
    expect(freshSignInIsAsked()).toBe(false);
  });

  it('lets_what_was_begun_go_on_once_the_person_has_signed_in', async () => {
    let tries = 0;
    const made = withFreshSignIn(() => (++tries === 1 ? Promise.reject(tooOld()) : Promise.resolve('made')));
    await expect.poll(freshSignInIsAsked).toBe(true);
    settleFreshSignIn(true);
    expect(await made).toBe('made');
    expect(tries).toBe(2);
    expect(freshSignInIsAsked()).toBe(false);
  });

  it('leaves_the_refusal_standing_where_the_person_would_not', async () => {
    let tries = 0;
    const made = withFreshSignIn(() => {
      tries += 1;
      return Promise.reject(tooOld());
    });
    await expect.poll(freshSignInIsAsked).toBe(true);
    settleFreshSignIn(false);
    await expect(made).rejects.toMatchObject({ code: 'sign-in-too-old' });
    expect(tries).toBe(1);
  });

  it('passes_every_other_refusal_on', async () => {
    await expect(withFreshSignIn(() => Promise.reject(new ApiError('too-many-cards', 409, 'Five at most.')))).rejects.toMatchObject({
      code: 'too-many-cards',
    });
    expect(freshSignInIsAsked()).toBe(false);
  });
});
