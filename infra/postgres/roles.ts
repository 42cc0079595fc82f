/** Database roles that 0001_views.sql creates. Row-level security applies to both: neither is a superuser or owns a table. */
export const PROJECTOR_ROLE = 'daybook_projector'
export const READER_ROLE = 'daybook_reader'

/** The setting that row-level security compares a row's tenant with. */
export const TENANT_SETTING = 'daybook.tenant'
