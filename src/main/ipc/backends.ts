// The procedures about backends: how they are, and the list as a person changes it.
import { families } from '../backends/index.ts';
import type { Services } from '../services.ts';
import { type Implementer, never } from './implementer.ts';
import { watchLatest } from './watch.ts';

export function backendRoutes(os: Implementer, { backends, backendList }: Pick<Services, 'backends' | 'backendList'>) {
  /** Every change answers with what is so then. */
  const after = async (change: Promise<void>) => {
    await change;
    return backends.status();
  };
  return {
    backends: {
      status: os.backends.status.handler(() => backends.status()),
      watch: os.backends.watch.handler(({ signal }) =>
        watchLatest({ source: backends, current: () => backends.status(), signal }),
      ),
      check: os.backends.check.handler(() => backends.check()),
      outlook: os.backends.outlook.handler(({ signal }) => backends.outlook({}, signal ?? never())),
      probe: os.backends.probe.handler(({ input, signal }) => backendList.probe(input, signal ?? never())),
      add: os.backends.add.handler(({ input }) => after(backendList.add(input))),
      edit: os.backends.edit.handler(({ input }) => after(backendList.edit(input))),
      remove: os.backends.remove.handler(({ input }) => after(backendList.remove(input.id))),
      undoRemove: os.backends.undoRemove.handler(({ input }) => after(backendList.undoRemove(input.id))),
      setOn: os.backends.setOn.handler(({ input }) => after(backendList.setOn(input.id, input.isOn))),
      move: os.backends.move.handler(({ input }) => after(backendList.move(input.id, input.index))),
      resetOrder: os.backends.resetOrder.handler(() => after(backendList.resetOrder())),
      families: os.backends.families.handler(() => families()),
    },
  };
}
