import { afterEach, describe, expect, it, vi } from 'vitest';
import { closeThisDevice, openThisDevice, thisDevice } from '../../../../src/core/devices/this-device.svelte';

describe('this browser as a device', () => {
  afterEach(() => {
    closeThisDevice();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('says_that_it_failed_where_the_server_names_a_person_that_is_none_and_does_not_go_on_opening', async () => {
    vi.stubGlobal('isSecureContext', true);
    vi.spyOn(navigator, 'locks', 'get').mockReturnValue(undefined as unknown as LockManager);
    const head = { number: 0, hash: Buffer.alloc(32).toString('base64') };
    vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ entries: [], head })));
    const told = vi.fn();
    vi.stubGlobal('reportError', told);
    await openThisDevice('director');
    expect(thisDevice().kind).toBe('failed');
    expect(told).toHaveBeenCalledOnce();
  });
});
