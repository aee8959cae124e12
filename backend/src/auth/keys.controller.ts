import { Body, Controller, Delete, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Id } from '../contract/vocabulary.js';
import { Scopes } from './access.js';
import { CreatedKey, KeyDefinition, KeyView } from './key.js';
import { type ApiKey, Keys } from './keys.service.js';

@ApiTags('keys')
@Scopes('admin')
@Controller('v1/keys')
export class KeysController {
  constructor(@Inject(Keys) private readonly keys: Keys) {}

  @Get()
  @ApiOkResponse({ standardSchema: z.array(KeyView) })
  list(): KeyView[] {
    return this.keys.list().map(viewOf);
  }

  @Post()
  @ApiCreatedResponse({ standardSchema: CreatedKey })
  async create(@Body({ schema: KeyDefinition }) { name, scopes }: KeyDefinition): Promise<CreatedKey> {
    const { key, text } = await this.keys.create(name, scopes);
    return { ...viewOf(key), key: text };
  }

  @Delete(':id')
  @ApiOkResponse({ standardSchema: KeyView })
  async revoke(@Param('id', { schema: Id }) id: string): Promise<KeyView> {
    return viewOf(await this.keys.revoke(id));
  }
}

/** Without the hash. */
function viewOf({ id, name, scopes, createdAt, revoked }: ApiKey): KeyView {
  return { id, name, scopes: [...scopes], created_at: createdAt, revoked };
}
