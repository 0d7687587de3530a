import { UserError } from '../base/errors.js';
import { inventAttachmentName, type Random } from './names.js';
import { type Service, type ServiceName, serviceOf } from './services.js';
import type { AddonApp } from './world.js';

/** The config vars of an attachment: `DATABASE_URL`. */
export function varNames(attachment: string, { suffixes }: Pick<Service, 'suffixes'>): readonly string[] {
  return suffixes.map((suffix) => `${attachment}_${suffix}`);
}

export interface NameRequest {
  /** What the user asks for: `my_db`, `MY_DB` */
  readonly wanted: string | undefined;
  readonly service: ServiceName;
  /** The names of the app's attachments. */
  readonly taken: readonly string[];
  /** Whether the service's own name may be used: for the add-on's first attachment, in the app that owns it. */
  readonly isFirst: boolean;
  readonly random: Random;
}

/**
 * The name of a new attachment.
 * @throws UserError `BAD_ATTACHMENT_NAME`
 */
export function attachmentName({ wanted, service, taken, isFirst, random }: NameRequest): string {
  const { attachment, colored } = serviceOf(service);
  if (wanted !== undefined) return checkAttachmentName(wanted);
  const isFree = (name: string): boolean => !taken.includes(name);
  if (isFirst && isFree(attachment)) return attachment;
  return inventAttachmentName(colored, random, isFree);
}

function checkAttachmentName(wanted: string): string {
  const name = wanted.toUpperCase().replaceAll('-', '_');
  if (/^[A-Z][A-Z0-9_]*$/.test(name)) return name;
  // The wording of Heroku's API.
  throw new UserError(
    'BAD_ATTACHMENT_NAME',
    'Name must start with a letter and can only contain uppercase letters, numbers, and underscores',
  );
}

/**
 * Refuses to hide config vars that are set, unless the user has confirmed that.
 * @param confirm the app's name
 * @throws UserError `CONFIRMATION_REQUIRED` in Heroku's words
 */
export function requireConfirmation(
  attachment: string,
  names: readonly string[],
  app: Pick<AddonApp, 'name' | 'ownVars'>,
  confirm: string | undefined,
): void {
  const own = app.ownVars();
  const hidden = names.filter((name) => own.has(name));
  if (hidden.length === 0 || confirm === app.name) return;
  throw new UserError(
    'CONFIRMATION_REQUIRED',
    `Adding ${attachment} to app ${app.name} would overwrite existing vars ${hidden.join(', ')}.`,
    `Confirm that with --confirm ${app.name}.`,
  );
}
