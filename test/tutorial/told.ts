/** One file of the tutorial, as it stands there. */
export type ToldFile = { readonly path: string; readonly text: string }

export type Told = {
  readonly files: ReadonlyArray<ToldFile>
  /** What the last command says. */
  readonly output: string
}

type Section = {
  readonly title: string
  readonly blocks: ReadonlyArray<{ readonly language: string; readonly text: string }>
}

const sectionsOf = (markdown: string): ReadonlyArray<Section> =>
  markdown.split(/^## /m).map((section) => ({
    title: section.slice(0, section.indexOf('\n')),
    blocks: [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
      language,
      text,
    })),
  }))

/** The files are the code blocks under headings that name a path; throws when such a heading has none, or several. */
export const toldIn = (markdown: string): Told => {
  const sections = sectionsOf(markdown)
  const files = sections.flatMap(({ title, blocks }) => {
    const path = /^\d+\. `(.+)`$/.exec(title)?.[1]
    if (path === undefined) return []
    const [block, ...others] = blocks
    if (block === undefined || others.length > 0) throw new Error(`${path} has ${blocks.length} code blocks`)
    return [{ path, text: block.text }]
  })
  const output = sections.flatMap(({ blocks }) => blocks).findLast(({ language }) => language === 'text')?.text ?? ''
  return { files, output }
}
