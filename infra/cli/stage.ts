import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decode } from '../../schemas/decode.ts'
import { HttpUrl } from '../../schemas/urls.ts'
import { FLAGS, readVariables, type Told, type Variable } from '../lambda/environment.ts'
import { Failure, reasonOf } from './failure.ts'

const ENGINES = [
  'DAYBOOK_EVENT_TABLE',
  'DAYBOOK_TIME_BOUNDS',
  'DAYBOOK_OBJECTS_BUCKET',
  'DAYBOOK_SUBJECT_KEY_TABLE',
  'DAYBOOK_PERSONAL_KEY',
  'DAYBOOK_TRAIL_BUCKET',
  'DAYBOOK_SIGNING_KEY',
  'DAYBOOK_OWNER_URL',
  'DAYBOOK_OPENSEARCH_URL',
  'DAYBOOK_OPENSEARCH_AUTH',
  ...FLAGS,
  'DAYBOOK_EVENT_BUS',
] as const satisfies ReadonlyArray<Variable>

/** Where the parts of a stage are. */
export type Stage = Told<(typeof ENGINES)[number]> & { readonly apiUrl: string }

const Api = t.type({ apiUrl: HttpUrl })

const parameterOf = (stage: string): string => `/daybook/${stage}/engines`

const parameter = async (Name: string): Promise<string> => {
  const client = new SSMClient()
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name }))
    return Parameter?.Value ?? ''
  } catch (error) {
    throw error instanceof ParameterNotFound
      ? new Failure(
          `there is no parameter ${Name}: is the stage deployed, in the account and region of your credentials?`,
        )
      : new Failure(`parameter ${Name} cannot be read: ${reasonOf(error)}`)
  } finally {
    client.destroy()
  }
}

/** Finds a stage by what its deployment says of it, in the account and region of this process' credentials. */
export const stageNamed = async (stage: string): Promise<Stage> => {
  const name = parameterOf(stage)
  const text = await parameter(name)
  const json = E.tryCatch((): unknown => JSON.parse(text), E.toError)
  if (E.isLeft(json)) throw new Failure(`parameter ${name} is not JSON: deploy the stage again`)
  const [engines, api] = [readVariables(ENGINES, json.right), decode(Api, json.right)]
  if (E.isRight(engines) && E.isRight(api)) {
    return { ...engines.right, apiUrl: api.right.apiUrl.replace(/\/+$/, '') }
  }
  const faults = [engines, api].flatMap((each) => (E.isLeft(each) ? each.left : []))
  const said = faults.map(({ pointer, message }) => `${pointer.slice(1)} ${message}`).join('; ')
  throw new Failure(`parameter ${name} does not tell where the engines are (${said}): deploy the stage again`)
}
