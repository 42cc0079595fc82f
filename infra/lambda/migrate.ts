import type { CloudFormationCustomResourceEvent } from 'aws-lambda'
import { registerViews } from '../composition/register-views.ts'
import { iamPassword } from '../postgres/iam-password.ts'
import { letRolesLogIn } from '../postgres/login-roles.ts'
import { MIGRATIONS, migrate } from '../postgres/migrate.ts'
import { ownerPool } from '../postgres/pool.ts'
import { answerCloudFormation } from './engines/custom-resource.ts'
import { loggerOf } from './engines/log.ts'
import { connections } from './engines/postgres.ts'
import { searchOf } from './engines/search.ts'
import { environmentOf } from './environment.ts'

const log = loggerOf('migrate')

/** Brings the views to the newest schema, lets their users log in, and prepares the search index; safe to call again. */
const prepare = async (): Promise<ReadonlyArray<string>> => {
  const told = environmentOf('migrate')
  const ran = await migrate(told.DAYBOOK_OWNER_URL, MIGRATIONS, iamPassword)
  const owner = ownerPool(told.DAYBOOK_OWNER_URL, connections(log))
  const search = searchOf(told)
  try {
    await registerViews(owner)
    await letRolesLogIn(owner)
    await search.prepare()
    return ran
  } finally {
    await Promise.all([owner.end(), search.close()])
  }
}

/** The deployment's custom resource: when it fails, so does the deployment, with the reason. What it made stays when it is deleted. */
export const handler = (event: CloudFormationCustomResourceEvent) =>
  answerCloudFormation(event, 'daybook-views', async () => {
    if (event.RequestType === 'Delete') return {}
    const ran = await prepare()
    log.info('migrated', { ran })
    return { Migrations: ran.join(',') }
  })
