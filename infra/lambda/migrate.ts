import type { CloudFormationCustomResourceEvent } from 'aws-lambda'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decode } from '../../schemas/decode.ts'
import { registerViews } from '../composition/register-views.ts'
import { iamPassword } from '../postgres/iam-password.ts'
import { letRolesLogIn } from '../postgres/login-roles.ts'
import { MIGRATIONS, migrate } from '../postgres/migrate.ts'
import { ownerPool } from '../postgres/pool.ts'
import { SearchRoles } from '../search/opensearch-roles.ts'
import { answerCloudFormation } from './engines/custom-resource.ts'
import { loggerOf } from './engines/log.ts'
import { connections } from './engines/postgres.ts'
import { giveRolesIn, searchOf } from './engines/search.ts'
import { environmentOf } from './environment.ts'

const log = loggerOf('migrate')

/** `searchRoles`: where the search domain asks who may do what. */
const Asked = t.partial({ searchRoles: SearchRoles })

/** Brings the views to the newest schema, lets their users log in, gives out roles of search and prepares its index; safe to call again. */
const prepare = async (searchRoles: SearchRoles | undefined): Promise<ReadonlyArray<string>> => {
  const told = environmentOf('migrate')
  const ran = await migrate(told.DAYBOOK_OWNER_URL, MIGRATIONS, iamPassword)
  const owner = ownerPool(told.DAYBOOK_OWNER_URL, connections(log))
  const search = searchOf(told)
  try {
    await registerViews(owner)
    await letRolesLogIn(owner)
    if (searchRoles !== undefined) await giveRolesIn(told, searchRoles)
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
    const asked = decode(Asked, event.ResourceProperties)
    if (E.isLeft(asked)) throw new TypeError(`this asks for no migration: ${JSON.stringify(asked.left)}`)
    const ran = await prepare(asked.right.searchRoles)
    log.info('migrated', { ran })
    return { Migrations: ran.join(',') }
  })
