import type { Command } from 'commander'

/** A projection that was named; ends with a wrong usage where there is none of that name. */
export const projectionNamed = (command: Command, name: string, there: ReadonlyArray<string>): string =>
  there.includes(name) ? name : command.error(`error: there is no projection ${name}; there are ${there.join(', ')}`)
