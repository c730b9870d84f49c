import { expect, test } from 'vitest';
import {
  areGpuDevices,
  areOrigins,
  isAnyOrigin,
  isProxy,
  isWebAddress,
} from '../../../src/renderer/features/engine/check-texts.ts';

test.each([
  [areGpuDevices, ['0', '0,1', '0, 1', '-1', 'GPU-8f2c0a1e-77'], ['', '0,', ',1', '0 1', '0;1']],
  [
    areOrigins,
    ['https://a.org', 'http://a.org:8080, app://*', '*', 'https://*.a.org'],
    ['a.org', 'https://', 'https://a b', 'https://a.org/path', ''],
  ],
  [isAnyOrigin, ['*', 'http://*', 'https://a.org, https://*:*'], ['https://a.org', 'https://*.a.org', 'app://*']],
  [
    isProxy,
    ['http://proxy.lan:3128', 'https://user@proxy.lan'],
    ['proxy.lan:3128', 'socks5://proxy', 'http://', 'http:///x', 'http://a b'],
  ],
  [isWebAddress, ['https://mirror.lan/ollama', 'http://127.0.0.1:8080'], ['mirror.lan', 'file:///tmp', 'ftp://mirror']],
])('%o', (check, right, wrong) => {
  for (const text of right) expect(check(text), text).toBe(true);
  for (const text of wrong) expect(check(text), text).toBe(false);
});
