import { beforeEach, describe, expect, it } from 'vitest';
import { Api, queryString } from '../../../src/transport/api';
import { ApiError } from '../../../src/transport/api-error';

interface Seen {
  readonly url: string;
  readonly init: RequestInit;
}

describe('api', () => {
  let seen: Seen[];
  let told: string[];
  let answer: () => Response;
  let api: Api;

  beforeEach(() => {
    seen = [];
    told = [];
    answer = () => Response.json({ ok: true });
    api = new Api(
      { answered: () => told.push('answered'), failed: () => told.push('failed'), signedOut: () => told.push('signed-out') },
      () => 'fr',
      (input, init) => {
        seen.push({ url: input as string, init: init ?? {} });
        try {
          return Promise.resolve(answer());
        } catch (error) {
          return Promise.reject(error as Error);
        }
      },
    );
  });

  const headers = (): Record<string, string> => seen[0]?.init.headers as Record<string, string>;

  it('a_posted_command_carries_an_idempotency_key', async () => {
    await api.send('POST', '/api/v1/emergency-cards', { body: { label: 'Purse' } });
    expect(headers()['Idempotency-Key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers()['Content-Type']).toBe('application/json');
  });

  it('a_problem_becomes_an_error_with_its_code_and_fields', async () => {
    answer = () => Response.json({ code: 'invalid-input', title: 'No.', status: 400, fields: { name: 'required' } }, { status: 400 });
    const error = await api.get('/api/v1/session').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'invalid-input', status: 400, fields: { name: 'required' } });
  });

  it('a_page_of_a_proxy_becomes_an_error_by_its_status', async () => {
    answer = () => new Response('<html>nginx</html>', { status: 403 });
    await expect(api.get('/api/v1/session')).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('a_broken_link_is_unreachable_and_told', async () => {
    answer = () => {
      throw new TypeError('Failed to fetch');
    };
    await expect(api.get('/api/v1/session')).rejects.toMatchObject({ code: 'unreachable', isPassing: true });
    expect(told).toEqual(['failed']);
  });

  /** The head of an answer, and half of what it says; then the line breaks. */
  function half(type: string, broken: () => Error): Response {
    const begun = [new TextEncoder().encode('{"items":[')];
    const body = new ReadableStream({
      pull(controller) {
        const next = begun.pop();
        if (next === undefined) controller.error(broken());
        else controller.enqueue(next);
      },
    });
    return new Response(body, { headers: { 'Content-Type': type } });
  }

  it.each(['application/json', 'text/plain'])('a_link_that_breaks_in_the_middle_of_an_answer_is_unreachable_and_told_%s', async (type) => {
    for (const broken of [() => new TypeError('network error'), () => new DOMException('signal timed out', 'TimeoutError')]) {
      told = [];
      answer = () => half(type, broken);
      await expect(api.get('/api/v1/session')).rejects.toMatchObject({ code: 'unreachable', isPassing: true });
      expect(told).toEqual(['answered', 'failed']);
      await expect(
        api.getBytes('/api/v1/room-guest/files/{file}/parts/{number}', { path: { file: '01932b7c-0000-7000-8000-000000000001', number: 0 } }),
      ).rejects.toMatchObject({ code: 'unreachable' });
    }
  });

  it('an_answer_that_nobody_wants_any_more_is_no_broken_link', async () => {
    const leaving = new AbortController();
    answer = () =>
      half('application/json', () => {
        leaving.abort();
        return new DOMException('left', 'AbortError');
      });
    await expect(api.get('/api/v1/session', { signal: leaving.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(told).toEqual(['answered']);
  });

  it('a_gateway_that_answers_for_a_dead_server_counts_as_no_link', async () => {
    answer = () => new Response('', { status: 502 });
    await expect(api.get('/api/v1/session')).rejects.toMatchObject({ isPassing: true });
    expect(told).toEqual(['failed']);
  });

  it('a_session_that_ended_is_told', async () => {
    answer = () => Response.json({ code: 'not-signed-in' }, { status: 401 });
    await expect(api.get('/api/v1/session')).rejects.toMatchObject({ code: 'not-signed-in' });
    expect(told).toEqual(['answered', 'signed-out']);
  });

  it('no_content_is_undefined', async () => {
    answer = () => new Response(null, { status: 204 });
    expect(await api.send('DELETE', '/api/v1/session')).toBeUndefined();
  });

  it('fills_the_places_of_an_address_whatever_is_put_in_them', async () => {
    await api.get('/api/v1/people/{id}', { path: { id: '../session?x=1' } });
    expect(seen[0]?.url).toBe('/api/v1/people/..%2Fsession%3Fx%3D1');
  });

  it('writes_queries_without_what_is_absent', () => {
    expect(queryString({ search: 'Élodie & co', after: undefined, group: ['a', 'b'], limit: 5 })).toBe(
      '?search=%C3%89lodie+%26+co&group=a&group=b&limit=5',
    );
    expect(queryString({})).toBe('');
  });
});
