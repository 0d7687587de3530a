import { errorCode, errorMessage } from '../../base/errors.js';
import type { Delivery } from './transport.js';

/** Node's error codes for certificates. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE_CODE = /CERT|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH/;

/** The outcome when no connection could be made. */
export function unreachableBy(error: unknown): Delivery {
  const isCertificate = CERTIFICATE_CODE.test(errorCode(error) ?? '');
  // Newer versions of Node add advice about their own flags.
  const [why = ''] = isCertificate ? reason(error).split(';') : [reason(error)];
  return { is: 'unreachable', why, isCertificate };
}

/** Why a connection failed. If several addresses were tried, Node's message is empty. */
export function reason(error: unknown): string {
  const message = errorMessage(error);
  return message === '' ? (errorCode(error) ?? 'no connection') : message;
}
