import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Session, Setup as SetupBody, SignIn } from '../contract/auth.js';
import { UnauthenticatedError } from '../errors.js';
import { Asker, type Principal, Public, Scopes } from './access.js';
import { RateLimits } from './rate-limit.js';
import { Sessions } from './sessions.service.js';
import { Setup } from './setup.service.js';
import { Users } from './users.service.js';

@ApiTags('session')
@Controller('v1/session')
export class SessionController {
  constructor(
    @Inject(Users) private readonly users: Users,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Setup) private readonly setup: Setup,
    @Inject(RateLimits) private readonly limits: RateLimits,
  ) {}

  @Post()
  @Public()
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: Session })
  async signIn(
    @Body({ schema: SignIn }) { user: name, password }: SignIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    this.limits.take('sign_in', request.ip);
    const fits = await this.users.passwordFits(name, password);
    const user = this.users.find(name);
    if (!fits || user === undefined) throw new UnauthenticatedError('The name or the password is wrong.');
    this.limits.giveBack('sign_in', request.ip);
    return this.sessions.begin(user, reply);
  }

  @Post('setup')
  @Public()
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: Session })
  async choosePassword(
    @Body({ schema: SetupBody }) { token, password }: SetupBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    this.limits.take('sign_in', request.ip);
    const user = await this.setup.finish(token, password);
    this.limits.giveBack('sign_in', request.ip);
    return this.sessions.begin(user, reply);
  }

  @Get()
  @Scopes()
  @ApiOkResponse({ standardSchema: Session })
  session(@Req() request: FastifyRequest): Session {
    const found = this.sessions.find(request);
    if (found === undefined) throw new UnauthenticatedError('Nobody is signed in.');
    return this.sessions.describe(found.user, found.claims);
  }

  @Delete()
  @Scopes()
  @HttpCode(204)
  @ApiNoContentResponse()
  async signOut(@Asker() asker: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    if (asker.kind === 'session') await this.sessions.end(asker.id, reply);
  }
}
