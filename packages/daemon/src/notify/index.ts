export { createEventHub, type EventHub } from './event-hub.ts';
export { createOutbox, type Outbox } from './outbox/outbox.ts';
