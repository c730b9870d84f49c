// Which backend may read a chat in the background.
import { describe, expect, it } from 'vitest';
import type { BackendsStatus } from '../../../src/contract/backends.ts';
import type { BackgroundChoice } from '../../../src/contract/settings.ts';
import { mayBeSent, mayRead, wishFor } from '../../../src/main/insights/where.ts';
import { candidateOf, type Engine, far, local, planOf, sourceOf, statusOf } from '../../support/insight-scene.ts';

const none = { isOn: true, backend: null, model: null };
const auto = { ...none, backend: 'auto' };
const built: Engine = {
  id: 'llamacpp',
  kind: 'llamacpp',
  label: 'Built-in engine',
  host: null,
  model: 'tiny.gguf',
  lane: 'llamacpp',
};
const nas: Engine = { ...local, id: 'nas', label: 'NAS', host: 'nas.local:11434' };
const purpose = 'facts' as const;

function status(...engines: Engine[]): BackendsStatus {
  return {
    backends: engines.map(statusOf),
    chosen: { id: 'ollama', kind: 'ollama', label: 'Ollama', model: null },
    isChecking: false,
    demo: 'ifNobodyIsThere',
    isOrderAutomatic: true,
    environment: [],
    secretsIn: 'file',
  };
}

describe('what is asked for', () => {
  it('is the backend that answered and its model, where the user chose none', () => {
    const wish = wishFor({ purpose, chosen: none, source: sourceOf(nas) }, status(local, nas, far));
    expect(wish).toEqual({ purpose, backend: 'nas', model: 'tiny' });
  });

  it('is that backend with the model of the purpose', () => {
    const chosen = { ...none, model: 'small' };
    expect(wishFor({ purpose, chosen, source: sourceOf(local) }, status(local))).toEqual({
      purpose,
      backend: 'ollama',
      model: 'small',
    });
  });

  it('is the file itself of the built-in engine, whose name alone does not say where it lies', () => {
    const source = { ...sourceOf(built), url: 'llamacpp:///models/tiny.gguf' };
    expect(wishFor({ purpose, chosen: none, source }, status(built))).toEqual({ purpose, backend: source.url });
    const chosen = { ...none, model: 'other.gguf' };
    expect(wishFor({ purpose, chosen, source }, status(built))).toEqual({
      purpose,
      backend: 'llamacpp',
      model: 'other.gguf',
    });
  });

  it('is the address where the backend is in no list', () => {
    const source = sourceOf(far);
    expect(wishFor({ purpose, chosen: none, source }, status(local))).toMatchObject({ backend: source.url });
  });

  it('goes by the address where two have one name', () => {
    const twin = { ...far, id: 'twin', host: 'other.example' };
    expect(wishFor({ purpose, chosen: none, source: sourceOf(far) }, status(twin, far))).toMatchObject({
      backend: 'far',
    });
  });

  it('is what the user named for the purpose', () => {
    const chosen = { ...none, backend: 'far' };
    expect(wishFor({ purpose, chosen, source: sourceOf(local) }, status(local, far))).toEqual({ purpose });
  });

  it.each(['off', 'unavailable'] as const)('is nothing while the one that answered is %s', (state) => {
    const engine = { ...local, state };
    expect(wishFor({ purpose, chosen: none, source: sourceOf(local) }, status(engine, far))).toBeNull();
  });
});

describe('a chat may be read', () => {
  const ownServer = { ...local, host: '127.0.0.1:40123' };
  const cloudModel = { ...local, model: 'gpt-oss:120b-cloud' };
  const demo: Engine = { ...built, id: 'demo', kind: 'demo', label: 'Demo' };
  const unlisted: Engine = { ...local, id: 'unlisted', label: '127.0.0.1:11434' };
  const named: Engine = { ...far, id: 'unlisted', label: 'models.example' };
  const nowhere = { ...local, host: null };

  it.each<[string, Engine, Engine, BackgroundChoice, boolean]>([
    ['by the one that answered here', local, local, none, true],
    ['by the one that answered, which is elsewhere', far, far, none, true],
    ['by a server here that was started on another port', local, ownServer, none, true],
    ['by the built-in engine', far, built, auto, true],
    ['not by a server elsewhere, answered here', local, far, auto, false],
    ['not by one in the same network, answered here', local, nas, auto, false],
    ['not by another server elsewhere, answered elsewhere', nas, far, auto, false],
    ['not by one whose address is not known', local, nowhere, auto, false],
    ['not by a model of Ollama’s that runs elsewhere', local, cloudModel, auto, false],
    ['nor though that Ollama was named for this', local, cloudModel, { ...none, backend: 'ollama' }, false],
    ['by such a model that was named for this', local, cloudModel, { ...none, model: 'gpt-oss:120b-cloud' }, true],
    ['by such a model where it answered itself', cloudModel, cloudModel, none, true],
    ['by a server elsewhere that the user named for this', local, far, { ...none, backend: 'far' }, true],
    ['not by a model of Ollama’s whose name is not known', local, { ...local, model: null }, auto, false],
    ['not by a model that runs elsewhere, however it is written', local, { ...local, model: 'Big-Cloud' }, auto, false],
    [
      'not at the address of one that was removed',
      far,
      { ...far, id: 'unlisted', label: 'models.example' },
      none,
      false,
    ],
    ['not at such an address, not even here', { ...local, label: 'Second' }, unlisted, none, false],
    ['at the address that the question named', named, named, none, true],
    ['by a file that an entry of the list names', { ...built, label: 'My model' }, built, none, true],
    ['not by the demo', local, demo, auto, false],
    ['not by the demo, even where it was named', local, demo, { ...none, backend: 'demo' }, false],
  ])('%s', (_, answered, engine, chosen, isAllowed) => {
    const where = { purpose, chosen, source: sourceOf(answered) };
    expect(mayRead(where, planOf(engine))).toBe(isAllowed);
    expect(mayBeSent(where, sourceOf(engine), candidateOf(engine))).toBe(isAllowed);
  });

  it.each([none, auto, { ...none, backend: 'ollama' }])(
    'not by a model that is handed on under a name of its own: %j',
    (chosen) => {
      const where = { purpose, chosen, source: sourceOf(local) };
      const handing = candidateOf({ ...local, model: 'mine' });
      const describe = (model: string | null) => ({
        url: 'ollama://',
        host: model === 'mine' ? 'ollama.com' : local.host,
      });
      const candidate = { ...handing, describe };
      expect(mayRead(where, { candidates: [candidate], model: 'mine' })).toBe(false);
      const asked = { ...sourceOf(local), model: 'mine', host: 'ollama.com' };
      expect(mayBeSent(where, asked, candidate)).toBe(false);
      const named = { ...where, chosen: { ...chosen, model: 'mine' } };
      expect(mayBeSent(named, asked, candidate)).toBe(chosen.backend === 'ollama');
      expect(mayBeSent({ ...where, source: asked }, asked, candidate)).toBe(true);
    },
  );

  it('by nobody where there is none', () => {
    const where = { purpose, chosen: none, source: sourceOf(local) };
    expect(mayRead(where, { candidates: [], model: null })).toBe(false);
  });

  it('only by the one that was planned', () => {
    const where = { chosen: { ...none, backend: 'far' }, source: sourceOf(local) };
    expect(mayBeSent(where, { ...sourceOf(far), label: 'Other' }, candidateOf(far))).toBe(false);
    expect(mayBeSent(where, { ...sourceOf(far), kind: 'demo' }, candidateOf(far))).toBe(false);
  });
});
