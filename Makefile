.PHONY: run test check bench format setup
run test check bench format setup:
	@python3 dev.py $@ $(ARGS)
