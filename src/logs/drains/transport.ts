import type { Batch } from './batch.js';

/** The outcome of an attempt to deliver a batch. */
export type Delivery =
  | { readonly is: 'delivered' }
  /** The receiver rejects this batch for good. */
  | { readonly is: 'refused'; readonly why: string }
  /** Another attempt may succeed. */
  | { readonly is: 'failed'; readonly why: string }
  /** No connection could be opened, so nothing was sent. */
  | { readonly is: 'unreachable'; readonly why: string; readonly isCertificate: boolean };

/** Sends batches to a receiver. Connects when there is something to send. */
export interface Transport {
  /** Must not be called before the previous call has resolved. */
  send(batch: Batch): Promise<Delivery>;
  /** Closes the connection for good. A batch being sent fails. */
  close(): void;
}
