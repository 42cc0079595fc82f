import * as t from 'io-ts'

export const ROLES = ['admin', 'buyer', 'sales', 'finance', 'auditor', 'integration'] as const

export const Role = t.keyof({ admin: null, buyer: null, sales: null, finance: null, auditor: null, integration: null })
export type Role = t.TypeOf<typeof Role>
