// Every form in which people write where their Ollama is.
import { describe, expect, it } from 'vitest';
import { ollamaAddress, parseAddress } from '../../../src/main/ollama/index.ts';

describe('an address', () => {
  it.each([
    ['127.0.0.1:11434', 'http://127.0.0.1:11434', true],
    ['gpu.lan', 'http://gpu.lan:11434', false],
    ['gpu.lan:8080', 'http://gpu.lan:8080', false],
    [':11500', 'http://127.0.0.1:11500', true],
    ['0.0.0.0', 'http://127.0.0.1:11434', true],
    ['0.0.0.0:9000', 'http://127.0.0.1:9000', true],
    ['[::]:9000', 'http://localhost:9000', true],
    ['::1', 'http://[::1]:11434', true],
    ['[::1]', 'http://[::1]:11434', true],
    ['[::1]:9000', 'http://[::1]:9000', true],
    ['http://gpu.lan', 'http://gpu.lan:80', false],
    ['gpu.lan:80', 'http://gpu.lan:80', false],
    ['https://gpu.lan', 'https://gpu.lan:443', false],
    ['HTTPS://GPU.lan:8443/ollama/', 'https://gpu.lan:8443/ollama', false],
    ['gpu.lan/ollama', 'http://gpu.lan:11434/ollama', false],
    ['gpu.lan/ollama/v1/', 'http://gpu.lan:11434/ollama', false],
    ['http://gpu.lan:9000/v1', 'http://gpu.lan:9000', false],
    ['http://gpu.lan:9000/V1//', 'http://gpu.lan:9000', false],
    ['http://gpu.lan:9000/v1/chat/completions?x=1', 'http://gpu.lan:9000', false],
    ['http://gpu.lan:9000/api', 'http://gpu.lan:9000', false],
    ['127.0.0.1/api/', 'http://127.0.0.1:11434', true],
    [':11500/api/chat', 'http://127.0.0.1:11500', true],
    ['https://gpu.lan/ollama/api/tags/', 'https://gpu.lan:443/ollama', false],
    [' "localhost:11434" ', 'http://localhost:11434', true],
    ['127.5.0.1', 'http://127.5.0.1:11434', true],
  ])('%s is %s', (written, origin, isLoopback) => {
    const address = parseAddress(written);
    expect(address.origin).toBe(origin);
    expect(address.isLoopback).toBe(isLoopback);
    expect(origin.startsWith(`${origin.split('://')[0]}://${address.host}`)).toBe(true);
  });

  it.each([
    '',
    '  ',
    'ftp://gpu.lan',
    'gpu.lan:0',
    'gpu.lan:99999',
    'two words',
    'http://',
    'gpu.lan?x=1',
    'gpu.lan/v1?x=1',
    'gpu.lan/api/chat#tiny',
    'a:b:c:d:z',
  ])('“%s” is refused with a reason', (written) => {
    expect(() => parseAddress(written)).toThrow(expect.objectContaining({ code: 'backend_url_invalid' }));
  });

  it('never repeats a password', () => {
    expect(() => parseAddress('http://me:secret@gpu.lan')).toThrow(/no user name or password/);
    for (const written of ['http://me:secret@gpu.lan', 'me:secret@gpu.lan', 'gpu.lan?k=secret'])
      expect(() => parseAddress(written)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('secret') }),
      );
  });
});

describe('where to look', () => {
  it('is what the settings say, else OLLAMA_BASE_URL, else OLLAMA_HOST, else the default', () => {
    expect(ollamaAddress('gpu.lan', { OLLAMA_HOST: 'other' })).toMatchObject({
      host: 'gpu.lan:11434',
      from: 'settings',
    });
    expect(ollamaAddress(null, { OLLAMA_HOST: 'other' })).toMatchObject({ host: 'other:11434', from: 'environment' });
    const both = { OLLAMA_HOST: 'other', OLLAMA_BASE_URL: 'http://gpu.lan:9000/' };
    expect(ollamaAddress(null, both)).toMatchObject({ origin: 'http://gpu.lan:9000', from: 'environment' });
    expect(ollamaAddress(null, { ...both, OLLAMA_BASE_URL: '' })).toMatchObject({ host: 'other:11434' });
    expect(ollamaAddress(' ', { OLLAMA_HOST: ' ' })).toMatchObject({ host: '127.0.0.1:11434', from: 'default' });
  });
});
