import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  dataFolder,
  prepareDataFolder,
  prepareSocketFolder,
  SOCKET_PATH_MAX_BYTES,
  socketPath,
} from '../../../src/main/settings/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-home-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the data folder', () => {
  test('HEARTH_HOME moves it, relative to where one stands', () => {
    expect(dataFolder({ HEARTH_HOME: '/data/h' }, 'linux', '/home/me')).toBe('/data/h');
    expect(dataFolder({ HEARTH_HOME: 'portable' }, 'linux', '/home/me')).toBe(resolve('portable'));
    expect(dataFolder({ HEARTH_HOME: '' }, 'linux', '/home/me')).toBe('/home/me/.local/share/hearth');
  });

  test('each system has its own place', () => {
    expect(dataFolder({ XDG_DATA_HOME: '/xdg' }, 'linux', '/home/me')).toBe('/xdg/hearth');
    expect(dataFolder({ XDG_DATA_HOME: 'relative' }, 'linux', '/home/me')).toBe('/home/me/.local/share/hearth');
    expect(dataFolder({}, 'darwin', '/Users/ann')).toBe('/Users/ann/Library/Application Support/Hearth');
    expect(dataFolder({ APPDATA: 'C:\\Roam' }, 'win32', 'C:\\Users\\ann')).toBe('C:\\Roam\\Hearth');
    expect(dataFolder({}, 'win32', 'C:\\Users\\ann')).toBe('C:\\Users\\ann\\AppData\\Roaming\\Hearth');
  });

  test('is created for this user only, and an existing one is fine', () => {
    const home = join(folder, 'a', 'b');
    prepareDataFolder(home);
    prepareDataFolder(home);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, 'models')).mode & 0o777).toBe(0o700);
  });

  test('where it cannot be created the error says which folder', () => {
    writeFileSync(join(folder, 'file'), '');
    const home = join(folder, 'file', 'home');
    expect(() => prepareDataFolder(home)).toThrow(
      expect.objectContaining({ code: 'storage_read_only', params: { path: home } }),
    );
  });
});

describe('the socket', () => {
  test('stands in the data folder', () => {
    expect(socketPath('/data/h', 'linux', {})).toBe('/data/h/hearth.sock');
  });

  test('moves to a short path of its own when the folder is too deep, and can be listened on there', async () => {
    const deep = join(folder, 'd'.repeat(120));
    const socket = socketPath(deep, 'linux', { XDG_RUNTIME_DIR: folder });
    expect(socket.startsWith(`${folder}/hearth-${process.getuid?.()}-`)).toBe(true);
    expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(SOCKET_PATH_MAX_BYTES);
    expect(socketPath(deep, 'linux', { XDG_RUNTIME_DIR: folder })).toBe(socket);
    expect(socketPath(`${deep}2`, 'linux', { XDG_RUNTIME_DIR: folder })).not.toBe(socket);
    expect(socketPath(deep, 'linux', { XDG_RUNTIME_DIR: 'relative' }).startsWith(tmpdir())).toBe(true);

    prepareSocketFolder(socket, folder);
    prepareSocketFolder(socket, folder);
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    const server = createServer();
    await new Promise<void>((listening, failed) => server.once('error', failed).listen(socket, listening));
    await new Promise((closed) => server.close(closed));
  });

  test('counts bytes, not characters', () => {
    const wide = `/home/${'ä'.repeat(45)}`;
    expect(socketPath(wide, 'linux', {})).not.toContain('ä');
  });

  test('is a named pipe on Windows, one per folder whatever its case', () => {
    const pipe = socketPath('C:\\Data', 'win32', {});
    expect(pipe).toMatch(/^\\\\\.\\pipe\\hearth-[0-9a-f]{16}$/);
    expect(socketPath('c:\\data', 'win32', {})).toBe(pipe);
    expect(socketPath('C:\\Other', 'win32', {})).not.toBe(pipe);
  });

  test('a folder that others can write to, or a link in its place, is refused', () => {
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect(() => prepareSocketFolder(join(open, 'hearth.sock'), folder)).toThrow(
      expect.objectContaining({ code: 'internal' }),
    );
    const own = join(folder, 'own');
    mkdirSync(own, { mode: 0o700 });
    symlinkSync(own, join(folder, 'link'));
    expect(() => prepareSocketFolder(join(folder, 'link', 'hearth.sock'), folder)).toThrow(
      expect.objectContaining({ detail: expect.stringContaining('is not a folder') }),
    );
  });
});
