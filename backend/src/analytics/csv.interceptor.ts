import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { z } from 'zod';
import { csvOf } from './csv.js';

/** What every figure can be asked as, in its query beside the rest. */
export const format = { format: z.enum(['json', 'csv']).optional() };

/** Answers `format=csv` with a table of what the route answers otherwise. */
@Injectable()
export class CsvInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<object>): Observable<object | string> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if ((request.query as { format?: unknown }).format !== 'csv') return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const name = request.url.split('?', 1)[0]?.split('/').at(-1) ?? 'figures';
    return next.handle().pipe(
      map((answer) => {
        reply.type('text/csv; charset=utf-8; header=present');
        reply.header('cache-control', 'no-store');
        reply.header('content-disposition', `attachment; filename="${name.replace(/[^a-z_-]/g, '')}.csv"`);
        return csvOf(answer);
      }),
    );
  }
}
