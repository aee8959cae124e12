import type { AttributeDefinition } from '../contract/condition-fields.js';
import { channels } from '../contract/vocabulary.js';
import { Catalogue } from './catalogue.js';
import { closed } from './field.js';
import { consentFields, messageFields, requestFields } from './request-fields.js';
import {
  attributeField,
  engagementFields,
  permissionFields,
  riskField,
  segmentField,
  subscriberFields,
} from './subscriber-fields.js';

/** What this installation has that a catalogue cannot know beforehand. */
export interface CatalogueEntries {
  readonly attributes: readonly AttributeDefinition[];
  readonly segments: readonly { readonly id: string; readonly title: string }[];
  readonly streams: readonly { readonly key: string; readonly title: string; readonly category: string }[];
}

/** All that conditions may ask, by the names of DESIGN.md section 4. */
export function buildCatalogue({ attributes, segments, streams }: CatalogueEntries): Catalogue {
  const streamChoices = streams.map(({ key, title }) => ({ value: key, title: title === '' ? key : title }));
  const segmentChoices = segments.map(({ id, title }) => ({ value: id, title }));
  return new Catalogue({
    fields: [
      ...messageFields(streamChoices),
      ...requestFields,
      ...consentFields,
      ...subscriberFields,
      ...attributes.map(attributeField),
      ...engagementFields,
      ...permissionFields,
      segmentField(segmentChoices),
      riskField,
    ],
    parameters: {
      stream: streamChoices,
      category: closed([...new Set(streams.map(({ category }) => category.toWellFormed()))].sort()),
      channel: closed(channels),
    },
  });
}
