import type { Pool } from 'pg'
import { PROJECTOR_ROLE, READER_ROLE } from './roles.ts'

/** Of RDS: whoever has it logs in by IAM. */
const IAM_ROLE = 'rds_iam'

/**
 * Lets the two roles connect as users of their own, by IAM where the server knows it (elsewhere somebody gives them passwords), and has
 * their statements planned as `pool.ts` wants them. @param owner who may change roles.
 */
export const letRolesLogIn = async (owner: Pool): Promise<void> => {
  const { rowCount } = await owner.query('SELECT FROM pg_roles WHERE rolname = $1', [IAM_ROLE])
  for (const role of [READER_ROLE, PROJECTOR_ROLE]) {
    await owner.query(`ALTER ROLE ${role} LOGIN`)
    await owner.query(`ALTER ROLE ${role} SET plan_cache_mode = force_custom_plan`)
    if (rowCount === 1) await owner.query(`GRANT ${IAM_ROLE} TO ${role}`)
  }
}
