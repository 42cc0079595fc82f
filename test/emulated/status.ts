import type { ProjectionStatus, Projections } from '../../read-api/projection-status.ts'
import { runCommand } from './run-command.ts'

/** By the projection's name. */
export type Told = ReadonlyMap<string, ProjectionStatus>

/** What `daybook status --stage emulated` tells. @param env that leads to the emulator. */
export const projectionsOf = async (env: NodeJS.ProcessEnv, token: string): Promise<Told> => {
  const args = ['run', '--silent', 'daybook', '--', 'status', '--stage', 'emulated', '--token', token, '--json']
  const { projections }: Projections = JSON.parse(await runCommand({ file: 'npm', args, env }))
  return new Map(projections.map((each) => [each.name, each]))
}
