import { READER_ROLE, TENANT_SETTING } from './roles.ts'

/** What makes a connection a tenant's reader until its transaction ends: the text, and its values. */
export const BE_READER = "SELECT set_config('role', $1, true), set_config($2, $3, true)"

export const readerSettings = (tenant: string): Array<string> => [READER_ROLE, TENANT_SETTING, tenant]
