import { describe, expect, test } from 'vitest';
import { fileFor, isOwnUrl, isSafeExternalUrl } from '../../../src/main/shell/urls.ts';

const folder = '/program/renderer';

describe('files of app:// URLs', () => {
  test('a file of ours', () => {
    expect(fileFor(folder, 'app://hearth/main/index.html')).toBe('/program/renderer/main/index.html');
  });

  test('dots are resolved before they can lead out', () => {
    expect(fileFor(folder, 'app://hearth/%2e%2e/main/index.js')).toBe('/program/renderer/main/index.js');
  });

  test.each([
    'app://other/main/index.html',
    'app://hearth/..%2f..%2fetc%2fpasswd',
    'app://hearth/a%00.html',
    'app://hearth/%',
    'not a url',
  ])('%s is none', (url) => {
    expect(fileFor(folder, url)).toBeNull();
  });
});

describe('own URLs', () => {
  test.each([
    ['app://hearth/main/index.html', undefined, true],
    ['app://hearth.evil/main/index.html', undefined, false],
    ['http://localhost:5173/main/index.html', undefined, false],
    ['http://localhost:5173/main/index.html', 'http://localhost:5173', true],
    ['ws://localhost:5173/', 'http://localhost:5173', true],
    ['http://localhost:51730/', 'http://localhost:5173', false],
    ['http://localhost:5173.evil.example/', 'http://localhost:5173', false],
    ['https://example.org/', 'http://localhost:5173', false],
  ])('%s with dev server %s: %s', (url, devServerUrl, expected) => {
    expect(isOwnUrl(url, devServerUrl)).toBe(expected);
  });
});

test.each([
  ['https://example.org/', true],
  ['mailto:someone@example.org', true],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['vscode://open', false],
  ['smb://host/share', false],
  ['', false],
])('%s may leave for the system: %s', (url, expected) => {
  expect(isSafeExternalUrl(url)).toBe(expected);
});
