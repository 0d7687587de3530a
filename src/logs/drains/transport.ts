import type { Batch } from './batch.js';

/** The outcome of an attempt to deliver a batch. */
export type Delivery =
  | { readonly is: 'delivered' }
  /** The receiver will not take this batch, ever. */
  | { readonly is: 'refused'; readonly why: string }
  /** It may go better another time. */
  | { readonly is: 'failed'; readonly why: string }
  /** There was no connection, so that nothing has been attempted. */
  | { readonly is: 'unreachable'; readonly why: string; readonly isCertificate: boolean };

/** A way to a receiver; it connects when there is something to send. */
export interface Transport {
  /** Not before the last one has come to its outcome. */
  send(batch: Batch): Promise<Delivery>;
  /** Closes the connection, for good; what is under way fails. */
  close(): void;
}
