// Which command is named for which reason, and that each is one that `hearth` understands.
import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../../src/cli/arguments.ts';
import { nextCommand, type Reason } from '../../../src/cli/next-command.ts';
import type { BackendStatus } from '../../../src/contract/backends.ts';
import type { ErrorCode, ErrorParams } from '../../../src/contract/errors.ts';
import { ollamaReady } from '../../support/fake-main.ts';

const ollama = ollamaReady.backends[0]!;
const studio: BackendStatus = { ...ollama, id: 'studio-2', kind: 'openai', label: 'Studio', origin: 'added' };
const options = { backends: [ollama, studio], suggested: 'qwen3:4b' };
const because = (label: string | null, code: ErrorCode, params: ErrorParams = {}): Reason => ({
  label,
  reason: { code, params },
});

describe('what to type next', () => {
  test.each([
    [because('Ollama', 'ollama_not_installed'), 'hearth engine install'],
    [because('Ollama', 'ollama_start_failed'), 'hearth engine logs'],
    [because('Ollama', 'ollama_gave_up'), 'hearth engine logs'],
    [because('Ollama', 'no_model_installed'), 'hearth pull qwen3:4b'],
    [because('Ollama', 'model_not_found', { model: 'phi4:14b' }), 'hearth pull phi4:14b'],
    [because('Ollama', 'backend_off'), 'hearth backend on ollama'],
    [because('Studio', 'backend_off'), 'hearth backend on studio-2'],
    [because('Studio', 'backend_unreachable'), 'hearth backend check studio-2'],
    [because('Studio', 'backend_key_refused'), 'hearth backend key studio-2'],
    [because('Studio', 'backend_key_needed'), 'hearth backend key studio-2'],
  ])('%o', (reason, command) => {
    expect(nextCommand([reason], options)).toBe(command);
    expect(parseCommand(command.split(' ').slice(1)).name).not.toBe('help');
  });

  test('nothing where no command helps: a model is loaded, or had, at the server itself', () => {
    expect(nextCommand([because('Studio', 'no_model_installed')], options)).toBeNull();
    expect(nextCommand([because('Studio', 'model_not_found', { model: 'x' })], options)).toBeNull();
    expect(nextCommand([because('Studio', 'backend_quota')], options)).toBeNull();
    // What a variable of the environment names has its key nowhere in Hearth.
    const named = { ...studio, origin: 'environment' as const };
    expect(nextCommand([because('Studio', 'backend_key_refused')], { ...options, backends: [named] })).toBeNull();
  });

  test('of several reasons the first that a command helps against', () => {
    const reasons = [because('Studio', 'backend_quota'), because('Ollama', 'no_model_installed')];
    expect(nextCommand(reasons, options)).toBe('hearth pull qwen3:4b');
  });
});
