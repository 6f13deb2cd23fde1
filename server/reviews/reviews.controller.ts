import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { keySchema } from '../contract/catalog.ts';
import { reportPeriodSchema } from '../contract/reports.ts';
import {
  reviewActionInputSchema,
  reviewCommentInputSchema,
  reviewNotesSchema,
  reviewSchema,
  signReviewSchema,
  waitingSchema,
  type Review,
  type ReviewActionInput,
  type ReviewComment,
  type ReviewCommentInput,
  type SignReview,
  type Waiting,
} from '../contract/reviews.ts';
import { Allow } from '../platform/allow.decorator.ts';
import { Operation } from '../platform/operation.decorator.ts';
import { ReviewsService } from './reviews.service.ts';
import { WaitingService } from './waiting.service.ts';

/** What the parties of an agreement say of a closed period together. */
@Controller('api/v1')
@Allow('catalog:write')
export class ReviewsController {
  constructor(
    readonly reviews: ReviewsService,
    readonly waiting: WaitingService,
  ) {}

  @Get('waiting')
  @Operation('Lists what waits for the one who asks: signatures, consequences, corrections, reviews')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: waitingSchema })
  list(): Promise<Waiting[]> {
    return this.waiting.list();
  }

  @Get('agreements/:key/review-notes')
  @Operation('Lists what reviews said of clauses since the terms that hold were written')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: reviewNotesSchema })
  notes(@Param('key', { schema: keySchema }) key: string): Promise<ReviewComment[]> {
    return this.reviews.notes(key);
  }

  @Get('agreements/:key/reviews/:period')
  @Operation('Reads the review of a closed period')
  @Allow('board:read')
  @ApiOkResponse({ standardSchema: reviewSchema })
  get(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
  ): Promise<Review> {
    return this.reviews.get(key, period);
  }

  @Post('agreements/:key/reviews/:period/comments')
  @Operation('Says something of a closed period, or of a clause that the next version should say otherwise')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: reviewSchema })
  comment(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
    @Body({ schema: reviewCommentInputSchema }) input: ReviewCommentInput,
  ): Promise<Review> {
    return this.reviews.comment(key, period, input);
  }

  @Post('agreements/:key/reviews/:period/actions')
  @Operation('Writes down what is to be done after a closed period: an entry of the ledger')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: reviewSchema })
  addAction(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
    @Body({ schema: reviewActionInputSchema }) input: ReviewActionInput,
  ): Promise<Review> {
    return this.reviews.addAction(key, period, input);
  }

  @Post('agreements/:key/reviews/:period/sign')
  @Operation('Signs a closed period off for a party', 'conflict', 'changed-meanwhile')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: reviewSchema })
  sign(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
    @Body({ schema: signReviewSchema }) input: SignReview,
  ): Promise<Review> {
    return this.reviews.sign(key, period, input);
  }

  @Post('agreements/:key/reviews/:period/next-version')
  @Operation('Begins the draft of the next version of an agreement, for what its reviews want otherwise')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: reviewSchema })
  beginNext(
    @Param('key', { schema: keySchema }) key: string,
    @Param('period', { schema: reportPeriodSchema }) period: string,
  ): Promise<Review> {
    return this.reviews.beginNext(key, period);
  }
}
