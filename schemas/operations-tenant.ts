/** Who runs the installation speaks for this tenant, and an admin of it sees what concerns all tenants. It owns no data. */
export const OPERATIONS_TENANT = 'operations'
