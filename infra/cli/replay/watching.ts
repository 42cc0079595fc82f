import type { Step } from '../../rebuild/terms.ts'
import type { Progress } from '../progress.ts'

const SAYS: { readonly [Tag in Exclude<Step['_tag'], 'Begun' | 'Read'>]: string } = {
  Indexing: 'adding up and indexing',
  Verifying: 'verifying against an independent fold',
  CatchingUp: 'catching up with what happened meanwhile',
  Switching: 'switching',
}

/** Tells a person what a rebuild does. `size`: items that it will read, more or less. */
export const watching = (progress: Progress, size: number, say: (line: string) => void): ((step: Step) => void) => {
  let reading = false
  const ended = (): void => {
    if (reading) progress.end()
    reading = false
  }
  return (step) => {
    switch (step._tag) {
      case 'Begun':
        if (step.resumed) say('going on where an earlier run stopped')
        if (step.segments === 0) return
        progress.begin('commits', size > 0 ? size : null)
        reading = true
        return
      case 'Read':
        if (step.items > 0) progress.advance(step.items)
        return
      default:
        ended()
        say(SAYS[step._tag])
    }
  }
}
