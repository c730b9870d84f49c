// How long a server asks to wait, in every place where servers write it.
import { describe, expect, it } from 'vitest';
import { waitAsked } from '../../../src/main/ollama/index.ts';

const NOW_MS = Date.parse('Tue, 01 Dec 2026 10:00:00 GMT');
const asked = (headers: Record<string, string>, said = '', status = 429) =>
  waitAsked({ status, header: (name) => headers[name] ?? null, said }, NOW_MS);

describe('the wait that is asked for', () => {
  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': 'Tue, 01 Dec 2026 10:00:09 GMT' }, 9_000],
    // By the server's own clock.
    [{ 'retry-after': 'Tue, 01 Dec 2026 12:00:09 GMT', date: 'Tue, 01 Dec 2026 12:00:00 GMT' }, 9_000],
    [{ 'retry-after-ms': '1500', 'retry-after': '2' }, 1_500],
    [{ 'x-ratelimit-reset-requests': '6m0s' }, 360_000],
    [{ 'x-ratelimit-reset-tokens': '1m30.5s' }, 90_500],
    [{ 'x-ratelimit-reset-tokens': '20ms' }, 20],
    [{ 'x-ratelimit-reset': String(NOW_MS / 1_000 + 12) }, 12_000],
    [{ 'x-ratelimit-reset': String(NOW_MS + 12_000) }, 12_000],
    [{ 'x-ratelimit-reset': '4' }, 4_000],
    [{ 'retry-after': '99999999' }, 86_400_000],
  ])('%j is %d ms', (headers, ms) => {
    expect(asked(headers as Record<string, string>)).toBe(ms);
  });

  it('is that of the limit that is used up', () => {
    const tokens = { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '3s' };
    const requests = { 'x-ratelimit-remaining-requests': '59', 'x-ratelimit-reset-requests': '1h' };
    expect(asked({ ...tokens, ...requests })).toBe(3_000);
  });

  it.each([
    ['{"retry_after":3}', 3_000],
    ['{"error":{"message":"slow","retry_after":"2.5"}}', 2_500],
    ['{"retry_after_ms":250}', 250],
    ['[{"error":{"details":[{"retryDelay":"31s"}]}}]', 31_000],
    ['{"error":{"message":"Rate limit reached. Please try again in 1m2.5s. See the docs."}}', 62_500],
    ['{"error":{"message":"Please try again in 20 ms."}}', 20],
    ['Retry after 4 seconds', 4_000],
  ])('may stand in the body: %s', (said, ms) => {
    expect(asked({}, said)).toBe(ms);
  });

  it('is none where nothing says so, or the time is over, or another status says it', () => {
    expect(asked({}, '{"error":"busy"}')).toBeNull();
    expect(asked({ 'retry-after': '0' })).toBeNull();
    expect(asked({ 'retry-after': 'Tue, 01 Dec 2026 09:00:00 GMT' })).toBeNull();
    expect(asked({ 'retry-after': 'soon' })).toBeNull();
    expect(asked({ 'retry-after': '7' }, '', 500)).toBeNull();
    expect(asked({ 'retry-after': '7' }, '', 503)).toBe(7_000);
  });
});
