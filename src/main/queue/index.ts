export type { Job, Queue, Ticket, Work } from './interface.ts';
export { createQueue, type QueueOptions } from './queue.ts';
