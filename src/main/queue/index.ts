export type { Job, Queue, Ticket } from './interface.ts';
export { createQueue, type QueueOptions } from './queue.ts';
