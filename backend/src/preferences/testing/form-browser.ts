/** A browser without JavaScript, as far as forms go. */
export interface Page {
  status: number;
  html: string;
  /** Name and value of every field of the page, check boxes only when ticked, as a browser would send them. */
  fields(button: string): URLSearchParams;
}

/** Opens a page. */
export async function open(url: string, headers: Record<string, string> = {}): Promise<Page> {
  return pageOf(await fetch(url, { headers, redirect: 'manual' }));
}

/** Presses a button of the page, after changing its fields. */
export async function submit(
  url: string,
  page: Page,
  button: string,
  change: (fields: URLSearchParams) => void = () => {},
): Promise<Page> {
  const fields = page.fields(button);
  change(fields);
  return pageOf(await fetch(url, { method: 'POST', body: fields, redirect: 'manual' }));
}

async function pageOf(response: Response): Promise<Page> {
  const html = await response.text();
  const forms = [...html.matchAll(/<form[^>]*>(.*?)<\/form>/gs)].map((match) => match[1] ?? '');
  return {
    status: response.status,
    html,
    fields(button) {
      const form = forms.find((each) => each.includes(`value="${button}"`));
      if (form === undefined) throw new Error(`the page has no button ${button}`);
      const fields = new URLSearchParams();
      for (const [input] of form.matchAll(/<input[^>]*>/g)) {
        const sent =
          input.includes('type="hidden"') || (input.includes(' checked') && !input.includes(' disabled'));
        if (sent) fields.append(attribute(input, 'name'), attribute(input, 'value'));
      }
      if (form.includes('<select')) fields.append('reason', '');
      fields.append('do', button);
      return fields;
    },
  };
}

function attribute(tag: string, name: string): string {
  return new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}

/** The boxes of the page: ticked, off or locked. */
export function boxes(html: string): Record<string, string> {
  const found = [...html.matchAll(/<input type="checkbox"[^>]*>/g)].map(([tag]) => [
    attribute(tag, 'value'),
    tag.includes(' disabled') ? 'locked' : tag.includes(' checked') ? 'on' : 'off',
  ]);
  return Object.fromEntries(found);
}

/** Un-ticks boxes. */
export const without = (page: URLSearchParams, ...keys: string[]) => {
  const left = page.getAll('box').filter((key) => !keys.includes(key));
  page.delete('box');
  for (const key of left) page.append('box', key);
};
