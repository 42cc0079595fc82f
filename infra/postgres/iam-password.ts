import { Signer } from '@aws-sdk/rds-signer'
import type { PasswordOf } from './connection.ts'

/** A token of IAM database authentication, made by the credentials and in the region of this process; it opens connections for 15 minutes. */
export const iamPassword: PasswordOf = (login) => new Signer(login).getAuthToken()
